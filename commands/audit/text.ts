import { styleText } from "node:util";
import { show } from "../../ground/day";
import { plain } from "../../reports/plain";
import type { TextOptions } from "../../reports/text";
import { fitted, type Paint, Writer } from "../../reports/writer";
import type { FoundRecord } from "./records";

/** Below so many columns only the day of a record is told, and not when its token dies. */
const WIDE = 100;

/** The records as a table, and under each one the page where it stands. */
export function text(records: readonly FoundRecord[], { width = 100, color = false }: TextOptions = {}): string {
  const paint: Paint = (style, words) => (color ? styleText(style, words, { validateStream: false }) : words);
  const write = new Writer(width, paint);
  if (records.length === 0) {
    write.line("No record.");
    return write.end();
  }
  const isWide = write.width >= WIDE;
  const longest = Math.max(7, ...records.map(({ account }) => plain(account).length));
  const name = Math.min(longest, Math.max(9, write.width - (isWide ? 91 : 71)));
  // What is left of the line, for who ran it.
  const rest = Math.max(6, write.width - name - (isWide ? 78 : 59));
  const cells = ([when = "", what = "", account = "", generation = "", token = "", dies = "", proof = "", by = ""]) =>
    [
      isWide ? when.padEnd(17) : when.slice(0, 11).padEnd(11),
      what.padEnd(7),
      fitted(account, name),
      generation.padEnd(12),
      token.padEnd(7),
      ...(isWide ? [dies.padEnd(11)] : []),
      proof.padEnd(10),
      fitted(by, rest),
    ]
      .join("  ")
      .trimEnd();
  write.line(paint("dim", cells(["when (UTC)", "what", "account", "generation", "token", "dies", "proof", "run by"])));
  for (const record of records) {
    const { at, event, account, generation, tokenId, expiresAt, run, comment, edited } = record;
    const when = `${show(at.slice(0, 10)).slice(4)} ${at.slice(11, 16)}`;
    const dies = show(expiresAt).slice(4);
    write.line(
      cells([when, event, plain(account), plain(generation), String(tokenId), dies, proofText(record), by(run)]),
    );
    write.line(`  ${paint("cyan", plain(comment))}`);
    if (edited) write.item("edited after it was written", 2, "! ", { mark: "yellow" });
  }
  return write.end();
}

function proofText({ proofs }: FoundRecord): string {
  const passed = proofs.filter(({ status }) => status === "passed" || status === "success").length;
  return proofs.length === 0 ? "none" : passed === proofs.length ? `${passed} passed` : `${passed} of ${proofs.length}`;
}

/** Who started the run; else who wrote the declaration. */
function by({ user, author }: FoundRecord["run"]): string {
  return plain(user ?? author ?? "not told");
}
