import * as pulumi from "@pulumi/pulumi";
import { failure } from "../../components/failures";

/** The components of this process that are not at their end. */
let underWay = 0;
let waiting: (() => void)[] = [];

/**
 * Works on a component, and answers what it came to. One that failed of something fails last: an error would end the program, and
 * with it what other components of it still do.
 *
 * @param work - answers the component's answer, and what it failed of, in words; empty when of nothing.
 * @throws when it failed, in an update; a preview goes on, or the update would do nothing for the others.
 */
export async function failingLast<T>(work: () => Promise<{ readonly answer: T; readonly failed: string }>): Promise<T> {
  underWay += 1;
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    underWay -= 1;
    if (underWay > 0) return;
    const all = waiting;
    waiting = [];
    for (const go of all) go();
  };
  try {
    const { answer, failed } = await work();
    if (failed === "" || pulumi.runtime.isDryRun()) return answer;
    const others = underWay > 1 ? new Promise<void>((go) => waiting.push(go)) : Promise.resolve();
    end();
    await others;
    throw failure(failed);
  } finally {
    end();
  }
}
