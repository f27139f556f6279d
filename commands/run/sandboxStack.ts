import type { Engine } from "../../engines/engine";
import { ask } from "./ask";

/** The sandbox's stack is nobody's: it is made when it is not there. */
export function makeSandboxStack(engine: Engine): void {
  if (!/no stack named/.test(ask(engine, ["stack", "export"], "sandbox").stderr)) {
    return;
  }
  const { status, stdout, stderr } = ask(engine, ["stack", "init", "sandbox"]);
  if (status !== 0) {
    throw new Error(
      `Making the stack "sandbox" failed:\n${stdout}${stderr}Is the environment that "npm run sandbox" prints set in this terminal?`,
    );
  }
}
