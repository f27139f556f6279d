import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Edit, Weakening } from "./weakenings";

const root = resolve(__dirname, "../../..");

/** A text of the product with an edit made. Fails where what it replaces is not there once. */
export function edited({ file, find, put }: Edit, text = readFileSync(join(root, file), "utf8")): string {
  const parts = text.split(find);
  if (parts.length !== 2)
    throw new Error(
      `Weakening ${file}: "${find}" is there ${parts.length - 1} times, once is right. Bring the weakening up to date.`,
    );
  return parts.join(put);
}

/** A copy of the project in a temporary folder, without one of its means. */
export class WeakenedCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "pat-rotation-weakened-"));

  constructor({ edits }: Weakening) {
    const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean);
    for (const file of files) cpSync(join(root, file), join(this.folder, file));
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    for (const edit of edits) {
      const path = join(this.folder, edit.file);
      writeFileSync(path, edited(edit, readFileSync(path, "utf8")));
    }
  }

  /** Takes it away. */
  delete(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
