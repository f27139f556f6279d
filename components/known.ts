import type * as pulumi from "@pulumi/pulumi";

/** What the SDK's type of an output leaves out. */
interface Inner<T> {
  readonly isKnown: Promise<boolean>;
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
