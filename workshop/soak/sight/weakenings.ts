/** A text of the product, and what stands in its place in a weakened copy. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/** The product without one of the means by which it keeps its promises. */
export interface Weakening {
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** Each takes one means out: a soak that does not see it gone would not see a fault of that kind either. */
export const weakenings: readonly Weakening[] = [
  {
    name: "a token that retires comes before the test of its successor no more",
    edits: [
      {
        file: "components/chain.ts",
        find: "dependsOn: [...this.from.olderTokens.values()] }",
        put: "dependsOn: this.previous() }",
      },
    ],
  },
  {
    name: "without pipelines nobody looks at what the places hold",
    edits: [
      {
        file: "providers/runbook/proof/proving.ts",
        find: "inputs.pipelines.length === 0 || inputs.pipelines.some",
        put: "inputs.pipelines.some",
      },
    ],
  },
  {
    name: "after the last attempt the earlier token is believed to be in the places",
    edits: [
      {
        file: "providers/runbook/proof/givingUp.ts",
        find: "  const back = await earlierAgain(inputs, outputs, at);\n",
        put: '  const back = { done: true, isUnsure: false, earlier: undefined, told: "The places hold the earlier token." };\n',
      },
    ],
  },
  {
    name: "the declared expiry is believed",
    edits: [
      {
        file: "providers/runbook/token/generation.ts",
        find: "return minted.expiresAt <= addDays(today(), renewDays);",
        put: "return false;",
      },
    ],
  },
  {
    name: "other accounts' places are not asked, and one hand-made token may be adopted twice",
    edits: [
      {
        file: "providers/runbook/retirement/holders.ts",
        find: "declaredAccounts().filter(({ name }) => name !== account)",
        put: "declaredAccounts().filter(() => account === undefined)",
      },
      {
        file: "rotation/checks/sharing.ts",
        find: "const id = parsed(schema.tokenId, record(adopt).tokenId);",
        put: "const id = adopt === 0 ? 0 : undefined;",
      },
    ],
  },
  {
    name: "a variable may move to an account that begins after its value's death",
    edits: [
      {
        file: "providers/runbook/preflight/dyingPlaces.ts",
        find: "if (beginsOn === undefined) return [];",
        put: "if (inputs.account.length > 0) return [];",
      },
    ],
  },
  {
    name: "a token whose resource is removed or replaced is revoked without a question",
    edits: [
      {
        file: "providers/runbook/token/removal.ts",
        find: 'await whyAlive(condemned, { kind: "removed", username: user?.username }, at)',
        put: "await Promise.resolve(condemned.id < 0 ? user?.username : undefined)",
      },
    ],
  },
  {
    name: "resources may share a name, accounts one name before",
    edits: [
      {
        file: "rotation/checks/names.ts",
        find: '(count.get(keys[index] ?? "") ?? 0) > 1 ? long(one) : short(one)',
        put: '(count.get(keys[index] ?? "") ?? 0) < 0 ? long(one) : short(one)',
      },
      {
        file: "rotation/checks/sharing.ts",
        find: "return placeNames(whole).map(",
        put: "return placeNames(whole).slice(0, 0).map(",
      },
      {
        file: "rotation/checks/sharing.ts",
        find: 'key: typeof formerly === "string" ?',
        put: 'key: typeof formerly === "boolean" ?',
      },
    ],
  },
  {
    name: "what lives for two more days is put back",
    edits: [
      {
        file: "providers/runbook/proof/putBack.ts",
        find: "addDays(today(), marginDays)",
        put: "addDays(today(), Math.min(marginDays, 2))",
      },
    ],
  },
  {
    name: "without pipelines an overlap counts from the test of the token",
    edits: [
      {
        file: "components/chain.ts",
        find: "ending.succeeded(generation, token, this.proof)",
        put: "ending.succeeded(generation, token, args.declaration.proof.length === 0 ? (tokenProof as never) : this.proof)",
      },
    ],
  },
];
