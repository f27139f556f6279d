/** A step that failed. */
export interface FailedStep {
  /** Pulumi's name of the step's resource. */
  readonly urn: string;
  /** What failed, in words. */
  readonly message: string;
}

/** The steps that a run noted, from a text with a line of JSON for each. A line that was cut short is passed over. */
export function failedSteps(text: string): readonly FailedStep[] {
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as FailedStep];
    } catch {
      return [];
    }
  });
}

/** One line for each account that failed: its name, the step, and what the step said. */
export function failureLines(steps: readonly FailedStep[]): readonly string[] {
  const accounts = [...new Set(steps.map(accountOf))].sort();
  return accounts.flatMap((account) => {
    const [first, ...others] = steps.filter((step) => accountOf(step) === account);
    const more = others.length === 0 ? "" : ` (and ${others.length} more: ${others.map(kindOf).join(", ")})`;
    return first === undefined ? [] : [`${account}: ${kindOf(first)} failed: ${brief(first.message)}${more}`];
  });
}

/** Those lines under a heading: of what failed in an update, or would fail in one. */
export function failedAccounts(
  lines: readonly string[],
  { foreseen = false, count: all = lines.length }: { readonly foreseen?: boolean; readonly count?: number } = {},
): string {
  const count = all === 1 ? "1 account" : `${all} accounts`;
  const shown = withoutLimits(lines).map((line) => `  ${line}`);
  return `${count} ${foreseen ? "would fail, and hold" : "failed, which held"} up no other:\n${shown.join("\n")}`;
}

/** How many accounts are named of those that one limit stopped. */
const mostNamed = 10;

/** A limit of requests that is used up stops every account that comes after: they are one line. */
function withoutLimits(lines: readonly string[]): readonly string[] {
  const limits = new Map<string, string[]>();
  const others = lines.filter((line) => {
    const [, limit] = /(\S+(?: Connect)?'s limit of requests is used up until [\d-]+ [\d:]+ UTC)/.exec(line) ?? [];
    if (limit !== undefined) limits.set(limit, [...(limits.get(limit) ?? []), line.split(": ")[0] ?? ""]);
    return limit === undefined;
  });
  const stopped = [...limits].map(([limit, accounts]) => {
    const more = accounts.length > mostNamed ? ` and ${accounts.length - mostNamed} more` : "";
    return `${accounts.slice(0, mostNamed).join(", ")}${more}: ${limit}; the next run does what is left`;
  });
  return [...others, ...stopped];
}

/** The name of the resource. */
function nameOf({ urn }: FailedStep): string {
  return urn.split("::").slice(3).join("::");
}

/** `runbook:PipelineProof`, as engines show a type. */
function kindOf({ urn }: FailedStep): string {
  const type = (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
  return type.replace(/:[^:]*:/, ":");
}

/** Resources of an account begin with its name; those of a generation end in that. */
function accountOf(step: FailedStep): string {
  const [first = ""] = nameOf(step).split("/");
  return /:(PersonalAccessToken|Retirement|TrackingIssue)$/.test(kindOf(step))
    ? first.replace(/-(adopted|\d{4}-\d\d-\d\d(\.\d+)?)$/, "")
    : first;
}

/** A message's first line; where a list follows, with what stands first in it. */
function brief(message: string): string {
  const [first = "", ...rest] = message.split("\n");
  const listed = rest.filter((line) => line.startsWith("- "));
  if (listed.length === 0) return first;
  const others = listed.length === 1 ? "" : ` (and ${listed.length - 1} more)`;
  return `${first} ${listed[0]?.slice(2)}${others}`;
}
