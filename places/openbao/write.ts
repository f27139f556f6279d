import { ApiError, Forbidden, mayHaveHappened, Refused } from "../../clients/http";
import type { OpenBao } from "../../clients/openbao/client";
import { patchSecret, putSecret, readSecret, type Secret, type SecretPath } from "../../clients/openbao/secrets";

/** How often a write is tried that met another one, or whose answer was lost. */
const TRIES = 5;

/**
 * The one way by which a value gets into a key of a secret, by its own resource and by a put-back. Every other key stays: the
 * write holds for the version that was looked at, and is done anew for the next one where somebody was quicker. What a lost
 * answer did is looked at.
 *
 * @returns the version that holds the value.
 */
export async function writeSecret(bao: OpenBao, where: SecretPath, field: string, value: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const found = await readSecret(bao, where);
    if (found.data?.[field] === value) return found.version;
    try {
      await write(bao, where, found, { [field]: value });
      return found.version + 1;
    } catch (error) {
      if (attempt === TRIES || !(isOvertaken(error) || mayHaveHappened(error))) throw error;
    }
  }
}

async function write(bao: OpenBao, where: SecretPath, { data, version }: Secret, change: Record<string, string>) {
  if (data === undefined) return putSecret(bao, where, change, version);
  try {
    await patchSecret(bao, where, change, version);
  } catch (error) {
    // Policies of before "patch", and servers that have none: then the whole is written as it was read.
    if (!(error instanceof Forbidden) && !(error instanceof ApiError && error.status === 405)) throw error;
    if (!isWhole(data))
      throw new Error(
        `it has a number that is longer than JavaScript's are, and would change it. Allow "patch" on the path in the policy of our token`,
        { cause: error },
      );
    await putSecret(bao, where, { ...data, ...change }, version);
  }
}

/** Somebody has made another version since it was read. */
function isOvertaken(error: unknown): boolean {
  return error instanceof Refused && /check-and-set/i.test(error.serverMessage ?? "");
}

/** Whether what was read would be written back as it was. */
function isWhole(value: unknown): boolean {
  if (typeof value === "number") return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== "object" || value === null || Object.values(value).every(isWhole);
}

/** Where a target's secret is. */
export function pathOf({
  mount = "secret",
  path = "",
}: {
  readonly mount?: string;
  readonly path?: string;
}): SecretPath {
  return { mount, path };
}
