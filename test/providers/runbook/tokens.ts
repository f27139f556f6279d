import type { PersonalAccessTokenInputs, PersonalAccessTokenOutputs } from "../../../contract/personalAccessToken";
import { personalAccessToken } from "../../../providers/runbook/token/personalAccessToken";
import { type Bench, generationInputs, inventory } from "./bench";

/** A generation's token as a run left it. */
export interface State {
  readonly id: string;
  readonly inputs: PersonalAccessTokenInputs;
  readonly outputs: PersonalAccessTokenOutputs;
}

/** What the tests of a token do, on the bench of each. */
export function tokens(bench: () => Bench) {
  async function created(inputs = generationInputs()): Promise<State> {
    const { id, outputs } = await personalAccessToken.create(inputs, bench().context);
    return { id, inputs, outputs };
  }

  async function updated(before: State, inputs: PersonalAccessTokenInputs): Promise<State> {
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
export function changes(before: State, inputs: PersonalAccessTokenInputs): string[] {
  return Object.keys(personalAccessToken.diff?.(before, inputs).changes ?? {});
}
