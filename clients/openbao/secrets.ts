import { Forbidden, NotFound, StrangeAnswer } from "../http";
import type { OpenBao } from "./client";

/** Where a secret of the engine KV, version 2, is. */
export interface SecretPath {
  /** Where the engine is mounted, such as `secret`. */
  readonly mount: string;
  readonly path: string;
}

/** A version of a secret. */
export interface Secret {
  /** Its keys and values; none where that version was deleted or destroyed, or where there never was one. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
  /** 0 where the secret has none yet: what a check-and-set of the first one is sent with. */
  readonly version: number;
}

/** The newest version of a secret. @throws NotFound where no engine is mounted there. */
export async function readSecret(bao: OpenBao, where: SecretPath): Promise<Secret> {
  const path = dataPath(where);
  let answer: Readonly<Record<string, unknown>>;
  try {
    answer = await bao.data("GET", path);
  } catch (error) {
    // One that was deleted answers 404 as well; which version comes next only its metadata tell.
    if (!(error instanceof NotFound) || /no handler for route/.test(error.serverMessage ?? "")) throw error;
    return { data: undefined, version: await versionOf(bao, where) };
  }
  const { data, metadata } = answer;
  const version = (metadata as { version?: unknown } | undefined)?.version;
  if (typeof data !== "object" || data === null || typeof version !== "number")
    throw new StrangeAnswer(
      { service: "OpenBao", method: "GET", path: `/v1/${path}` },
      `OpenBao answered no secret with a version: check that "${where.mount}" is mounted as KV version 2`,
    );
  return { data: data as Secret["data"], version };
}

/** The number of the newest version of a secret; 0 where there is none, or its metadata may not be read: a write then tells. */
async function versionOf(bao: OpenBao, where: SecretPath): Promise<number> {
  try {
    const { current_version: version } = await bao.data("GET", metadataPath(where));
    return typeof version === "number" ? version : 0;
  } catch (error) {
    if (error instanceof NotFound || error instanceof Forbidden) return 0;
    throw error;
  }
}

/**
 * Sets some keys of a secret that is there, and leaves every other one as the server has it.
 *
 * @param version - the newest version: with another one nothing is written, and the server answers 400.
 */
export async function patchSecret(
  bao: OpenBao,
  where: SecretPath,
  data: Readonly<Record<string, string>>,
  version: number,
): Promise<void> {
  await bao.data("PATCH", dataPath(where), {
    body: { options: { cas: version }, data },
    headers: { "content-type": "application/merge-patch+json" },
  });
}

/** Makes the next version of a secret, of these keys alone; see {@link patchSecret} for `version`. */
export async function putSecret(
  bao: OpenBao,
  where: SecretPath,
  data: Readonly<Record<string, unknown>>,
  version: number,
): Promise<void> {
  await bao.data("POST", dataPath(where), { body: { options: { cas: version }, data } });
}

/** What our token may do at some paths, such as `read` and `update`; `root` may do everything. */
export async function capabilities(
  bao: OpenBao,
  paths: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await bao.data("POST", "sys/capabilities-self", { body: { paths } });
  return new Map(paths.map((path) => [path, texts(found[path])]));
}

/** A token of OpenBao's, as it says of itself. */
export interface OwnToken {
  readonly name: string;
  readonly policies: readonly string[];
  /** The instant at which it dies; absent where it does not. */
  readonly expiresAt?: string;
}

/** Our own token. */
export async function ownBaoToken(bao: OpenBao): Promise<OwnToken> {
  const { display_name: name, policies, expire_time: end } = await bao.data("GET", "auth/token/lookup-self");
  return {
    name: typeof name === "string" ? name : "",
    policies: texts(policies),
    ...(typeof end === "string" ? { expiresAt: end } : {}),
  };
}

/** Where a secret's values are. */
export function dataPath({ mount, path }: SecretPath): string {
  return `${encoded(mount)}/data/${encoded(path)}`;
}

/** Where its versions, and what people wrote about it, are. */
export function metadataPath({ mount, path }: SecretPath): string {
  return `${encoded(mount)}/metadata/${encoded(path)}`;
}

function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
