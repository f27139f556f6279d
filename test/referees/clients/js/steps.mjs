// What the judges in JavaScript share: each step is told as ok, or as not ok with the reason.

import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

/** Says who judges. `modules`: where it is installed. */
export async function introduce(name) {
  const { version } = JSON.parse(await readFile(`${process.env.MODULES}/${name}/package.json`, "utf8"));
  console.log(`${name} ${version}`);
}

/** Loads a package from where it is installed. */
export async function installed(name, entry) {
  return await import(`file://${process.env.MODULES}/${name}/${entry}`);
}

/** Does something, and tells how it went. */
export async function step(what, work) {
  try {
    await work();
    console.log(`ok ${what}`);
  } catch (error) {
    const text = error instanceof Error ? `${error.message} ${error.cause?.description ?? ""}` : JSON.stringify(error);
    console.log(`not ok ${what}: ${text.replaceAll(/\s+/g, " ")}`);
  }
}

/** Fails unless both are the same. */
export function same(found, wanted) {
  if (!isDeepStrictEqual(found, wanted))
    throw new Error(`${JSON.stringify(found)} where ${JSON.stringify(wanted)} was expected`);
}

/** What a call that must fail failed with. */
export async function failure(work) {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

/** Looks again until it is so. */
export async function until(look, isSo) {
  for (let times = 0; times < 200; times += 1) {
    if (isSo(await look())) return;
    await pause(50);
  }
  throw new Error("it did not come about");
}
