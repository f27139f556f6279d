import { suggestion } from "./nearest";

/**
 * That nobody declares an account of that name, who is declared, and who of them may be meant.
 *
 * @param stacks - where it was looked for.
 * @param isWhole - no account is left out because its settings cannot be used.
 */
export function unknownAccount(
  name: string,
  known: readonly string[],
  stacks: readonly string[],
  isWhole = true,
): string {
  const there = known.length === 0 ? "there is none" : `there ${known.length === 1 ? "is" : "are"} ${known.join(", ")}`;
  const left = isWhole ? "" : " Those whose settings cannot be used are not among them: npm run plan tells each fault.";
  return `Looking for account "${name}" in ${stacks.length === 1 ? "stack" : "stacks"} ${stacks.join(", ")}: not declared; ${there}.${suggestion(name, known)}${left}`;
}
