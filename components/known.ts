import * as pulumi from "@pulumi/pulumi";

/** What the SDK's type of an output leaves out. */
interface Inner<T> {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(): Promise<T>;
}

/**
 * The value of an output. Nothing where it cannot be known: in a preview, and in a run that passes over a resource which is
 * not there yet (`--target`, `--exclude`), where `apply` would wait for ever.
 */
export async function known<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  const inner = output as unknown as Inner<T>;
  const [value, isKnown] = await Promise.all([inner.promise(), inner.isKnown]);
  return isKnown ? value : undefined;
}

/**
 * An output that a resource may lack. In a preview the SDK takes one that it lacks for one that nobody knows yet, and the engine
 * takes what is made with it for changed. Here it is known as soon as one is that the resource never lacks.
 */
export function optional<T>(output: pulumi.Output<T>, never: pulumi.Output<unknown>): pulumi.Output<T | undefined> {
  const { isSecret } = output as unknown as Inner<T>;
  return never.apply(async () => {
    const value = await known(output);
    return value !== undefined && (await isSecret) ? pulumi.secret(value) : value;
  }) as pulumi.Output<T | undefined>;
}
