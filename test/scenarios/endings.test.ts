import { plays } from "./fixture/verdict";

const first = (n: number) =>
  `const a = await thing("a", { key: "${n}", first: true }); const b = await thing("b", { key: a.token }); await thing("c", { value: b.made });`;
const keyed = (n: number) =>
  `const a = await thing("a", { key: "${n}" }); await thing("b", { value: a.token }); await thing("c");`;

plays({
  "after a failure nothing begins and nothing is deleted": [
    [
      `await thing("old"); await thing("a", { value: 1 }); await thing("b");`,
      "up",
      "ok | create old, create a, create b | create a, create b, create old | old a b",
    ],
    [
      `await thing("a", { value: 2 }); await thing("b", { value: 2 }); await thing("c");`,
      "up",
      "fails | update a | update a | old a b",
      { a: { update: { fail: "no" } } },
    ],
    ["", "up", "ok | update a, update b, create c, delete old | create c, delete old, update a, update b | a b c"],
  ],
  "with --continue-on-error what does not need the failed goes on": [
    [
      `await thing("old"); await thing("b"); const a = await thing("a"); await thing("c", {}, { dependsOn: a });`,
      "up",
      "ok | create old, create b, create a, create c | create a, create b, create c, create old | old b a c",
    ],
    [
      `await thing("b", { value: 2 }); const a = new Thing("a", { value: 2 }); new Thing("c", { value: 2 }, { dependsOn: a });`,
      "up --continue-on-error",
      "fails | update b, update a | update a, update b | b old a c",
      { a: { update: { fail: "no" } } },
    ],
    ["", "up", "ok | update a, update c, delete old | delete old, same b, update a, update c | b a c"],
  ],
  "of two that wait to be deleted none is begun after the other failed": [
    [`await thing("a", { key: "1" });`, "up", "ok | create a | create a | a"],
    [
      `await thing("a", { key: "2" });`,
      "up",
      "fails | create a, delete a | create-replacement a, delete-replaced a, replace a | a a!",
      { a: { delete: { fail: "no" } } },
    ],
    [
      `await thing("a", { key: "3" });`,
      "up",
      "fails | create a, delete a | create-replacement a, delete-replaced a, replace a | a a! a!",
      { a: { delete: { fail: "no" } } },
    ],
    ["", "up", "ok | delete a, delete a | delete-replaced a, same a | a"],
  ],
  "what a resource needs stays while that cannot be deleted": [
    [
      `const a = await thing("a"); await thing("b", { value: a.made }); const c = await thing("c"); await thing("d", {}, { dependsOn: c }); await thing("e");`,
      "up",
      "ok | create a, create b, create c, create d, create e | create a, create b, create c, create d, create e | a b c d e",
    ],
    [
      `await thing("e");`,
      "up --continue-on-error",
      "fails | delete b, delete d, delete c | delete b, delete c, delete d, same e | e a b",
      { b: { delete: { fail: "no" } } },
    ],
    [
      "",
      "destroy --continue-on-error",
      "fails | delete b, delete e | delete b, delete e | a b",
      { b: { delete: { fail: "no" } } },
    ],
    ["", "destroy", "fails | delete b | delete b | a b", { b: { delete: { fail: "no" } } }],
    ["", "destroy", "ok | delete b, delete a | delete a, delete b | "],
  ],
  "what is protected stays, and what it needs": [
    [
      `const a = await thing("a"); await thing("b", { value: a.made }, { protect: true }); await thing("c", {}, { protect: true }); await thing("d"); await thing("e");`,
      "up",
      "ok | create a, create b, create c, create d, create e | create a, create b, create c, create d, create e | a b c d e",
    ],
    [`await thing("d");`, "up", "fails | delete e | delete b, delete c, delete e, same d | d a b c"],
    ["", "preview", "fails |  | delete b, delete c | d a b c"],
    ["", "destroy", "fails | delete d | delete b, delete c, delete d | a b c"],
  ],
  "retainOnDelete forgets, also a child's by its parent's, and what is replaced": [
    [
      `const g = await group("g", { retainOnDelete: true }); await thing("a", {}, { parent: g }); await thing("b", { key: "1" }, { retainOnDelete: true }); await thing("c", { key: "1" }, { retainOnDelete: true, deleteBeforeReplace: true });`,
      "up",
      "ok | create a, create b, create c | create a, create b, create c, create g | g a b c",
    ],
    [
      `await thing("b", { key: "2" }, { retainOnDelete: true }); await thing("c", { key: "2" }, { retainOnDelete: true, deleteBeforeReplace: true });`,
      "up",
      "ok | create b, create c | create-replacement b, create-replacement c, delete a, delete g, delete-replaced b, delete-replaced c, replace b, replace c | b c",
    ],
    ["", "destroy", "ok |  | delete b, delete c | "],
  ],
  "what was deleted first is made by a later run": [
    [first(1), "up", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    [
      first(2),
      "up",
      "fails | delete b, delete a, create a | create-replacement a, delete-replaced a, delete-replaced b, replace a | a? b? c",
      { a: { create: { fail: "no" } } },
    ],
    [
      "",
      "up",
      "fails | create a, create b | create-replacement a, create-replacement b, replace a, replace b | a b? c",
      { b: { create: { fail: "no" } } },
    ],
    ["", "up --target @c", "ok |  | same a, same b, same c | a b? c"],
    ["", "refresh", "ok |  | refresh a, refresh b, refresh c | a b? c"],
    ["", "preview", "ok |  | replace b, update c | a b? c"],
    ["", "up", "ok | create b | create-replacement b, replace b, same a, same c | a b c"],
  ],
  "what was deleted first and is not declared any more is forgotten": [
    [first(1), "up", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    [
      first(2),
      "up",
      "fails | delete b, delete a, create a | create-replacement a, delete-replaced a, delete-replaced b, replace a | a? b? c",
      { a: { create: { fail: "no" } } },
    ],
    [`await thing("c");`, "up", "ok | update c | update c | c"],
  ],
  "what could not be deleted first is not replaced": [
    [first(1), "up", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    [
      first(2),
      "up",
      "fails | delete b, delete a | delete-replaced a, delete-replaced b | a b? c",
      { a: { delete: { fail: "no" } } },
    ],
    ["", "destroy --target @b", "fails |  |  | a b? c"],
    [
      "",
      "up",
      "ok | delete a, create a, create b | create-replacement a, create-replacement b, delete-replaced a, replace a, replace b, same c | a b c",
    ],
  ],
  "what was replaced waits, in every run that does not come to it": [
    [keyed(1), "up", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    [
      keyed(2),
      "up",
      "fails | create a, update b | create-replacement a, replace a, update b | a a! b c",
      { b: { update: { fail: "no" } } },
    ],
    ["", "up --target @c", "ok |  | same a, same b, same c | a b c a!"],
    ["", "up --exclude @a", "ok | update b | same a, same c, update b | a b c a!"],
    ["", "up --exclude @b", "ok |  | same a, same b, same c | a b c a!"],
    ["", "up", "ok | delete a | delete-replaced a, same a, same b, same c | a b c"],
  ],
});
