import { type InputsOf, resource } from "./form/declared";
import { flag, integer, list, object, one, optional, preset, secret, text, type ValueOf } from "./form/kinds";
import { owner } from "./types/owner";
import { pipelineTarget, run, targetMark } from "./types/pipelines";
import { consumer, externalConsumer } from "./types/places";
import { fault, issue, type LeftBy, stoppedBy } from "./types/step";

export const earlierToken = object(
  "LastProven",
  "The token that was last proven by these pipelines: what is put back when a proof fails.",
  {
    generation: text("Its generation."),
    token: secret(text("Its value.")),
  },
);
export type EarlierToken = ValueOf<typeof earlierToken>;

export const leftovers = object(
  "Leftovers",
  "Tokens of a generation that nobody knows, of an account that has no older one.",
  {
    ...owner,
    fleet: text("The fleet's id, part of the mark that each token's description ends with."),
    formerly: optional(
      text("The key that the account had before: tokens whose mark has it are the account's as well."),
    ),
    userId: integer("GitLab's id of the account's user."),
    tokenIds: list(integer(), "Their ids, as they were found when the generation's token was minted."),
    knownTokenIds: list(integer(), "Ids of the account's tokens that are to live on."),
    overlapDays: integer("Days after the proof from which they are revoked."),
    quietHours: optional(integer("Hours that one must have been unused for; 0 switches this off.")),
    external: optional(
      list(
        externalConsumer,
        "Consumers that cannot be written, and who updates each: to be asked when the old token is still in use.",
      ),
    ),
  },
);
export type Leftovers = ValueOf<typeof leftovers>;

export const pipelineProof = resource(
  "PipelineProof",
  "Proof that the pipelines which depend on a token pass with it, and the one place that decides what the account's places hold.",
  {
    kept: {
      account: text("The account's key in the declaration."),
      generation: text("The generation of the token."),
      tokenId: integer("GitLab's id of the token."),
      consumers: list(
        consumer,
        "The places that hold the token: where the last proven value is put back when the proof fails.",
      ),
      pipelines: list(pipelineTarget, "The pipelines that must pass."),
      maxAttempts: preset(
        integer("After so many failed attempts nothing is rerun until the pipelines or the generation change."),
        3,
      ),
      issue,
    },
    inputs: {
      token: secret(text("The token's value.")),
      expiresAt: optional(
        text("The day (UTC, `YYYY-MM-DD`) at whose beginning the token dies: items that have an expiry say so."),
      ),
      previousToken: optional(secret(text("The value to put back when no other was proven before."))),
      previousGeneration: optional(text("The generation of that value.")),
      marks: optional(
        list(
          targetMark,
          "What there was when the places began to hold the token; without it, what there is when the proof starts.",
        ),
      ),
      markedBy: optional(
        text("The run that took the marks. In a later one, what a crashed run started is looked for first."),
      ),
      earlierIsDead: optional(flag("The earlier token died when this one was made: it is neither put back nor tried.")),
      leftovers: optional(
        one(
          leftovers,
          "What lost answers and killed runs left of the generation: revoked when the overlap is over. Left out where there is nothing, or where the retirement of an older token sees to it.",
        ),
      ),
      stoppedBy,
      marginDays: preset(integer("Days that an earlier token must still live to be put back."), 14),
    },
    outputs: {
      status: text<"passed" | "running" | "failed">("`passed`, `running` or `failed`."),
      provedAt: optional(text("When all had passed, an instant.")),
      attempts: integer("Attempts that came to an end for this generation and these pipelines."),
      runs: list(run, "The pipelines of the last attempt."),
      lastProven: optional(one(earlierToken, "The token that was last proven, or served when it was put back.")),
      putBack: flag("The consumers hold the last proven value again, not the new one."),
      sweptTokenIds: optional(
        list(integer(), "The leftovers that were looked for since the proof, and revoked unless they are in use."),
      ),
      fault,
    },
  },
);
export type PipelineProofInputs = InputsOf<typeof pipelineProof>;
export type PipelineProofOutputs = LeftBy<typeof pipelineProof>;
