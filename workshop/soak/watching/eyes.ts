import type { Sandbox } from "../../sandbox/controls";
import type { Place, ProofBlock } from "../fleet/declaration";

/** A token as GitLab has it. */
export interface SeenToken {
  readonly id: number;
  readonly userId: number;
  readonly createdAt: number;
  /** When it dies by itself, at 00:00 UTC of its day. */
  readonly expiresAt: number;
  readonly isRevoked: boolean;
  readonly lastUsedAt: number | undefined;
  /** What its description ends with, when that is a mark. */
  readonly mark: { readonly fleet: string; readonly account: string; readonly generation: string } | undefined;
}

/** What can be seen of the servers at a moment: what a judge goes by. */
export interface Eyes {
  /** The servers' time. */
  now(): number;
  /** All tokens, dead ones too. */
  tokens(): readonly SeenToken[];
  /** The number of the token that a place holds; undefined where it holds none. */
  tokenIn(place: Place): number | undefined;
  /** When the first run of a pipeline that began after an instant had passed; undefined where none has. */
  passedSince(proof: ProofBlock, since: number): number | undefined;
  /** Whether a run of a pipeline began after an instant. */
  beganSince(proof: ProofBlock, since: number): boolean;
}

/** Eyes on a sandbox. */
export function eyesOn({ gitlab, onepassword, clock }: Sandbox): Eyes {
  const { state } = gitlab;
  const jobs = ({ project, jobs }: ProofBlock, since: number) => {
    const id = state.projects.get(project)?.id;
    const runs =
      id === undefined ? [] : state.pipelinesOf(id).filter(({ createdAt }) => Date.parse(createdAt) >= since);
    return runs.map((run) => ({
      run,
      named: state.jobsOf(run.id).filter(({ retried, definition }) => !retried && jobs.includes(definition.name)),
    }));
  };
  return {
    now: () => clock.now().getTime(),
    tokens: () =>
      state.tokens.all().map((token): SeenToken => {
        const [, fleet = "", account = "", generation = ""] =
          /\[([^/\]]+)\/([^/\]]+)\/([^/\]]+)\]$/.exec(token.description ?? "") ?? [];
        return {
          id: token.id,
          userId: token.userId,
          createdAt: Date.parse(token.createdAt),
          expiresAt: token.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(token.expiresAt),
          isRevoked: token.revoked,
          lastUsedAt: token.lastUsedAt === null ? undefined : Date.parse(token.lastUsedAt),
          mark: fleet === "" ? undefined : { fleet, account, generation },
        };
      }),
    tokenIn: (place) => {
      const value =
        place.kind === "variable"
          ? state.projects.get(place.project)?.variables.find(({ key }) => key === place.key)?.value
          : fieldOf(onepassword.items(place.vault, place.item)[0], place.section);
      return value === undefined ? undefined : state.tokens.byValue(value)?.id;
    },
    passedSince: (proof, since) => {
      const passed = jobs(proof, since)
        .filter(({ named }) => named.length > 0 && named.every(({ status }) => status === "success"))
        .map(({ named }) => Math.max(...named.map(({ finishedAt }) => Date.parse(finishedAt ?? ""))));
      return passed.length === 0 ? undefined : Math.min(...passed);
    },
    beganSince: (proof, since) => jobs(proof, since).length > 0,
  };
}

function fieldOf(item: ReturnType<Sandbox["onepassword"]["items"]>[number] | undefined, section: string | undefined) {
  const wanted = item?.sections?.find(({ label }) => label === section)?.id;
  return item?.fields?.find((field) => field.label === "credential" && field.section?.id === wanted)?.value;
}
