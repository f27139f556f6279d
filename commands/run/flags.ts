/** The flags that a command of this project always runs with, and why: one red account must not stop the others. */
export function neededFlags(command: string, flags: readonly string[]): string[] {
  const given = (name: string) => flags.some((flag) => flag === name || flag.startsWith(`${name}=`));
  const needed: string[] = [];
  if (command !== "preview" && command !== "refresh" && !given("--continue-on-error")) {
    needed.push("--continue-on-error");
  }
  if (!given("--parallel") && !given("-p")) {
    // A waiting proof holds a place; the CLI's default of a few would let waiting accounts stall the rest.
    needed.push("--parallel=64");
  }
  if (command === "up" && (given("--yes") || given("-y")) && !given("--skip-preview")) {
    // What was approved was previewed; another preview would only ask the servers everything twice.
    needed.push("--skip-preview");
  }
  return needed;
}

/** The outputs are for programs; "status" tells people how things stand. */
export function quietFlags(flags: readonly string[]): readonly string[] {
  const isDocument = flags.some(
    (flag) => /^(--json(=|$)|-[a-zA-Z]*j)/.test(flag) || flag.startsWith("--suppress-outputs"),
  );
  return isDocument ? [] : ["--suppress-outputs"];
}
