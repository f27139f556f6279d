import { visible } from "../ground/visible";
import { plain } from "./plain";

/** A group of cases, such as a stack. */
export interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** What is reported of one thing, such as an account. */
export interface Case {
  readonly name: string;
  /** Why it fails, a sentence each; the first is its headline. @default it passes */
  readonly failures?: readonly string[];
  /** Why it could not be judged. @default it was */
  readonly errors?: readonly string[];
  /** What is told all the same. @default nothing */
  readonly notes?: readonly string[];
}

/**
 * Suites as JUnit XML, as GitLab's test reports take it. Nothing has a time: the same report is the same text. A name and its
 * suite tell GitLab what is the same case in two pipelines.
 */
export function junit(title: string, suites: readonly Suite[]): string {
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(title)}" ${counts(all)}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${attribute(name)}" ${counts(cases)}>`,
      ...cases.flatMap((one) => testCase(name, one)),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function counts(cases: readonly Case[]): string {
  const errors = cases.filter(isError).length;
  const failures = cases.filter((one) => !isError(one) && (one.failures ?? []).length > 0).length;
  return `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
}

function isError({ errors = [] }: Case): boolean {
  return errors.length > 0;
}

function testCase(suite: string, one: Case): string[] {
  const { name, failures = [], errors = [], notes = [] } = one;
  // A case has one outcome: what could not be judged counts before what failed.
  const outcome = isError(one)
    ? element("error", [...errors, ...failures])
    : failures.length > 0
      ? element("failure", failures)
      : [];
  const inner = [...outcome, ...(notes.length === 0 ? [] : [`      <system-out>${text(notes)}</system-out>`])];
  const open = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}"`;
  return inner.length === 0 ? [`${open}/>`] : [`${open}>`, ...inner, "    </testcase>"];
}

function element(name: "error" | "failure", told: readonly string[]): string[] {
  const [first = ""] = told;
  return [`      <${name} message="${attribute(first)}" type="${name}">${text(told)}</${name}>`];
}

function text(lines: readonly string[]): string {
  return escaped(lines.map(plain).join("\n"));
}

function attribute(value: string): string {
  return escaped(plain(value));
}

/** Of what XML 1.0 cannot hold, control characters are gone by then. */
function escaped(value: string): string {
  return visible(value)
    .replace(/[\uD800-\uDFFF\uFFFE\uFFFF]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
