import type { GenerationInputs, GenerationOutputs } from "../../../providers/runbook/generation";
import { personalAccessToken } from "../../../providers/runbook/personalAccessToken";
import { type Bench, generationInputs, inventory } from "./bench";

/** A generation's token as a run left it. */
export interface State {
  readonly id: string;
  readonly inputs: GenerationInputs;
  readonly outputs: GenerationOutputs;
}

/** What the tests of a token do, on the bench of each. */
export function tokens(bench: () => Bench) {
  async function created(inputs = generationInputs()): Promise<State> {
    const { id, outputs } = await personalAccessToken.create(inputs, bench().context);
    return { id, inputs, outputs };
  }

  async function updated(before: State, inputs: GenerationInputs): Promise<State> {
    const outputs = await personalAccessToken.update?.(before, inputs, bench().context);
    if (outputs === undefined) throw new Error("there is no update");
    return { id: before.id, inputs, outputs };
  }

  /** The ids of the account's tokens that live. */
  function live(): number[] {
    return bench()
      .sandbox.gitlab.liveTokens(inventory.username)
      .map(({ id }) => id);
  }

  function revokeByHand(id: number | undefined): void {
    const token = bench().sandbox.gitlab.state.tokens.byId(id ?? 0);
    if (token !== undefined) token.revoked = true;
  }

  return { created, updated, live, revokeByHand };
}

/** What the next run would change. */
export function changes(before: State, inputs: GenerationInputs): string[] {
  return Object.keys(personalAccessToken.diff?.(before, inputs).changes ?? {});
}
