import { doubtful } from "../../places/declared";
import type { Settings } from "../declaration/declaration";

/** The most pairs of places that are told. */
const MOST = 5;

/** What the files of a stack cannot tell, a sentence or two each: a plan that is silent about it would seem to have looked. */
export function unchecked(settings: Settings): readonly string[] {
  const { accounts } = settings;
  if (accounts.length === 0) return [];
  const tokens = accounts.flatMap(({ name, adopt }) => (adopt === undefined ? [] : [`${adopt.tokenId} (${name})`]));
  const adopted = tokens.length === 0 ? "" : `, or adopts the token ${listed(tokens)}`;
  const pairs = doubts(settings);
  const more = pairs.length > MOST ? [`And ${pairs.length - MOST} more pairs of places that may be one.`] : [];
  return [
    `Whether another stack declares one of these places${adopted}: what it holds or adopts cannot be seen from this one. Two that set one place undo each other's work; of two that adopt one token the first to retire it revokes it for both.`,
    "The day on which GitLab has each token die. One that was minted with another lifetimeDays than is declared now keeps its own, and is replaced before that.",
    ...outranked(accounts),
    ...pairs.slice(0, MOST),
    ...more,
  ];
}

/** What counts before a declared variable, where a pipeline is to prove what it holds. */
function outranked(accounts: Settings["accounts"]): readonly string[] {
  const proven = accounts.filter(({ variables, proof }) => variables.length > 0 && proof.length > 0);
  if (proven.length === 0) return [];
  return [
    `Whether something counts before the variables that pipelines prove (${listed(proven.map(({ name }) => name))}): variables of a schedule, of a nearer project or group, of an environment, and those given to one pipeline. A run looks at these before it mints, and when a pipeline has ended. Nobody looks at those of pipeline execution and scan policies, and of a manual job.`,
  ];
}

/** Places that may be one, which only their server can tell. */
function doubts({ accounts }: Settings): readonly string[] {
  const text = ({ account, title }: { account: { name: string }; title: string }) => `the ${title} (${account.name})`;
  return doubtful(accounts).map(
    ([one, other]) =>
      `Whether ${text(one)} and ${text(other)} are one place: only 1Password can tell an id, or a field without its section, from a title. A run looks before it mints, and fails the accounts that share one. Name both in the same way, with the section.`,
  );
}

function listed(texts: readonly string[]): string {
  return texts.length <= 4 ? texts.join(", ") : `${texts.slice(0, 3).join(", ")} or ${texts.length - 3} others`;
}
