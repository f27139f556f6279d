import { mkdir, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Replaces a file so that at every moment, also after a power cut, it holds either all of the old or all of the new. */
export async function writeWhole(path: string, content: string | Uint8Array, temporary = `${path}.tmp`): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const mode = (await stat(path).catch(() => undefined))?.mode ?? 0o600;
  // The temporary name is fixed: what a kill leaves behind is overwritten by the next write.
  const file = await open(temporary, "w", mode);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Makes names that were added to, or removed from, a folder last. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
