import type { Servers } from "../../clients/servers";
import { show } from "../../ground/day";
import { today } from "../../ground/now";
import { legacyEnds } from "../../providers/runbook/legacyEnds";
import type { Settings } from "../../rotation/declaration/declaration";
import { legacyEndOf, legacyEndText, topGroups } from "../../rotation/permissions/legacy";
import type { GitLabCredential } from "./credentials";
import type { Finding } from "./finding";

/** From when on GitLab refuses legacy tokens, as far as we may ask, and whom that concerns. */
export async function legacyEndFindings(
  stacks: readonly { readonly stack: string; readonly settings: Settings }[],
  { legacy, user }: Pick<GitLabCredential, "legacy" | "user">,
  at: Servers,
): Promise<Finding[]> {
  if (user === undefined) return [];
  const groups = [...new Set(stacks.flatMap(({ settings }) => settings.accounts.flatMap(topGroups)))];
  const ends = new Map((await legacyEnds(groups, at, user.administrator)).map(({ place, end }) => [place, end]));
  if (ends.size === 0) return [];
  const own = [...ends].map(([root, end]): Finding => {
    const whose = root === "" ? "the instance" : `group "${root}"`;
    const isOurs = legacy && !user.bot;
    const message = isOurs
      ? `from ${show(end)} on ${whose} refuses legacy tokens of people, which it is: make it fine-grained before (docs/permissions.md).`
      : `from ${show(end)} on ${whose} refuses legacy tokens.`;
    return { verdict: isOurs && end <= today() ? "missing" : "warning", about: "GITLAB_TOKEN", message };
  });
  const accounts = stacks.flatMap(({ stack, settings }) =>
    settings.accounts.flatMap((account): Finding[] => {
      const end = legacyEndOf(account, ends);
      const text = end === undefined ? undefined : legacyEndText(account, end, today());
      if (end === undefined || text === undefined) return [];
      const declared =
        settings.legacyTokensEnd === end
          ? ""
          : ` Have plans tell it: pat-rotation:legacyTokensEnd: "${end}" in Pulumi.${stack}.yaml.`;
      return [{ verdict: "warning", about: account.name, message: `${text}.${declared}` }];
    }),
  );
  return [...own, ...accounts];
}
