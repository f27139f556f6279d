import { dumpGitLab, type GitLabDump, restoreGitLab } from "./gitlab/dump";
import type { GitLabState } from "./gitlab/state";
import type { Item, OnePasswordState, Vault } from "./onepassword/state";
import type { World } from "./world";

/** All that a sandbox holds, as data. */
interface Content {
  readonly startsAt: string;
  readonly credentials: World["credentials"];
  /** Values of Connect tokens are not kept: they are made anew. */
  readonly connectTokens: World["connectTokens"];
  readonly gitlab: GitLabDump;
  readonly vaults: readonly (Omit<Vault, "items"> & { readonly items: readonly Item[] })[];
}

/** Both servers' contents. */
interface Servers {
  readonly gitlab: GitLabState;
  readonly onepassword: OnePasswordState;
}

/** What GitLab's tokens begin with. */
const prefix = "glpat-";

/**
 * What a sandbox holds and its time, as JSON: what is needed to go on from here in another process. Its tokens keep their
 * values, which open nothing but a sandbox that has them. No value stands in the text as it is, so that nobody and no scanner
 * takes one for real: `values` has each without its prefix, and wherever else one stands there is `{token <id>}`. The log of
 * requests, faults and switches that are armed, and job tokens are left out.
 */
export function dump({ gitlab, onepassword }: Servers, credentials: World["credentials"]): string {
  const name = (id: string) => onepassword.vaults.get(id)?.name ?? id;
  const content: Content = {
    startsAt: gitlab.stamp(),
    credentials,
    connectTokens: onepassword.tokens.map(({ handle, rights }) => ({
      handle,
      vaults: Object.fromEntries([...rights].map(([id, right]) => [name(id), right])),
    })),
    gitlab: dumpGitLab(gitlab),
    vaults: [...onepassword.vaults.values()].map((vault) => ({ ...vault, items: [...vault.items.values()] })),
  };
  const tokens = gitlab.tokens.all();
  const values = tokens.map(({ id, value }) => [id, value.slice(prefix.length)] as const);
  const text = JSON.stringify(content);
  const masked = tokens.reduce((rest, { id, value }) => rest.replaceAll(value, `{token ${id}}`), text);
  return JSON.stringify({ values, content: JSON.parse(masked) as unknown });
}

/** What another sandbox held. */
interface Earlier {
  /** An empty one, of the same time and credentials. */
  readonly world: World;
  /** Puts what it held into servers that began with that world. */
  readonly fill: (servers: Servers) => void;
}

/** Read what {@link dump} wrote. */
export function read(text: string): Earlier {
  const { values } = JSON.parse(text) as { readonly values: readonly (readonly [number, string])[] };
  const whole = values.reduce((rest, [id, value]) => rest.replaceAll(`{token ${id}}`, prefix + value), text);
  const { content } = JSON.parse(whole) as { readonly content: Content };
  const { startsAt, credentials, connectTokens, vaults } = content;
  const world: World = {
    startsAt,
    credentials,
    connectTokens,
    vaults: vaults.map((vault) => ({ ...vault, items: [] })),
    users: [],
    groups: [],
    projects: [],
    tokens: [],
  };
  return {
    world,
    fill: ({ gitlab, onepassword }) => {
      restoreGitLab(gitlab, content.gitlab);
      for (const { items, ...vault } of vaults) {
        onepassword.vaults.set(vault.id, { ...vault, items: new Map(items.map((item) => [item.id, item])) });
      }
    },
  };
}
