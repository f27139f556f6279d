import { plays } from "./fixture/verdict";

const abc = `const a = await thing("a"); await thing("b", {}, { dependsOn: a }); await thing("c", { value: 1 });`;
const bac = `const b = await thing("b"); await thing("a", {}, { dependsOn: b }); await thing("c", { value: 2 });`;
const chain = (n: number) =>
  `const a = await thing("a", { value: ${n} }); await thing("b", { value: a.made }); await thing("c", { value: ${n} });`;
const beside = (n: number) =>
  `await thing("d"); const a = await thing("a", { value: ${n} }); await thing("b", { value: a.made }); await thing("c", { value: ${n} });`;
const component = (n: number) =>
  `const a = await thing("a", { value: ${n} }); await thing("b", { value: a.made }); await thing("c", { value: ${n} }); const g = await group("g", { dependsOn: a }); await thing("d", { value: ${n} }, { parent: g });`;
const tokens = (n: number) =>
  `const a = await thing("a", { value: ${n} }); await thing("b", { value: a.token }); await thing("c", { value: ${n} });`;

plays({
  "what is passed over keeps its old dependencies, which are carried along before it": [
    [abc, "up", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    [bac, "up --target @c", "fails |  | same a, same b | a b c"],
    ["", "up --exclude @b", "fails |  | same a, same b | a b c"],
    ["", "up --target @a", "fails |  | same a, same b | a b c"],
    ["", "up --target @b", "ok |  | same a, same b, same c | b a c"],
    ["", "up", "ok | update c | same a, same b, update c | b a c"],
  ],
  "what is carried along, though it is no longer declared, is deleted by a run about all": [
    [abc, "up", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    [
      `await thing("b"); await thing("c", { value: 2 });`,
      "up --target @c",
      "ok | update c | same a, same b, update c | a b c",
    ],
    ["", "up --target @a", "ok |  | same a, same b, same c | a b c"],
    ["", "up", "ok | delete a | delete a, same b, same c | b c"],
  ],
  "what is new and left out may not be needed": [
    [abc, "up --target @b", "fails |  | same a | "],
    ["", "preview --target @b", "fails |  | create b | "],
    ["", "up --target @c", "ok | create c | create c, same a, same b | c"],
    ["", "up --exclude @c", "ok | create a, create b | create a, create b, same c | a b c"],
  ],
  "with --exclude what is left out may be needed, and then the state is refused": [
    [abc, "preview --exclude @a", "fails |  | create b | "],
    ["", "up --exclude @a --exclude-dependents", "ok | create c | create c, same a, same b | c"],
    ["", "up --exclude @a", "fails | create b | create b, same a | b c (broken)"],
    ["", "up", "fails |  |  | b c (broken)"],
    ["", "destroy", "fails |  |  | b c (broken)"],
  ],
  "--exclude leaves out what was there, and what it needs": [
    [beside(1), "up", "ok | create d, create a, create b, create c | create a, create b, create c, create d | d a b c"],
    [chain(2), "up --exclude @a", "ok | update c, delete d | delete d, same a, same b, update c | a b c"],
    [
      beside(3),
      "up --exclude @a --exclude-dependents",
      "ok | create d, update c | create d, same a, same b, update c | d a b c",
    ],
    [`await thing("c", { value: 3 });`, "up --exclude @b", "ok | delete d | delete d, same a, same b, same c | c a b"],
    ["", "up", "ok | delete b, delete a | delete a, delete b, same c | c"],
  ],
  "destroy --exclude leaves what that needs": [
    [abc, "up", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    ["", "destroy --exclude @b", "ok | delete c | delete c, same a, same b | a b"],
    ["", "destroy --exclude @a", "ok | delete b | delete b, same a | a"],
    ["", "destroy --exclude @nowhere", "fails |  |  | a"],
  ],
  "what is named must be there": [
    [`await thing("a");`, "up --exclude @a --target @a", "fails |  |  | "],
    ["", "up --exclude @nowhere", "ok | create a | create a | a"],
    ["", "up --target @nowhere", "fails |  | same a | a"],
    ["", "up --replace @nowhere", "fails |  |  | a"],
    ["", "refresh --exclude @nowhere", "fails |  |  | a"],
    ["", "refresh --target @nowhere", "fails |  |  | a"],
    ["", "destroy --target @nowhere", "fails |  |  | a"],
    ["", "up --refresh --target @nowhere", "fails |  |  | a"],
  ],
  "--replace replaces, --target-replace nothing else": [
    [tokens(1), "up", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    [
      tokens(2),
      "up --replace @a",
      "ok | create a, update b, update c, delete a | create-replacement a, delete-replaced a, replace a, update b, update c | a b c",
    ],
    [
      tokens(3),
      "up --target-replace @a",
      "ok | create a, delete a | create-replacement a, delete-replaced a, replace a, same b, same c | a b c",
    ],
    ["", "up", "ok | update b, update c | same a, update b, update c | a b c"],
    ["", "preview --target-replace @a", "ok |  | replace a | a b c"],
    [
      "",
      "up --target-replace @a --target-dependents",
      "ok | create a, update b, delete a | create-replacement a, delete-replaced a, replace a, same c, update b | a b c",
    ],
    ["", "up --replace @a --target @c", "ok |  | same a, same b, same c | a b c"],
  ],
  "what is protected is not replaced": [
    [
      `await thing("a", {}, { protect: true }); await thing("b");`,
      "up",
      "ok | create a, create b | create a, create b | a b",
    ],
    ["", "preview --replace @a", "fails |  | replace a | a b"],
    ["", "up --replace @a", "fails |  |  | a b"],
  ],
  "what is deleted first takes along what is not named": [
    [
      `const a = await thing("a", {}, { deleteBeforeReplace: true }); await thing("b", { key: a.token });`,
      "up",
      "ok | create a, create b | create a, create b | a b",
    ],
    [
      "",
      "up --target-replace @a",
      "ok | delete b, delete a, create a, create b | create-replacement a, create-replacement b, delete-replaced a, delete-replaced b, replace a, replace b | a b",
    ],
    ["", "up", "ok | create b, delete b | create-replacement b, delete-replaced b, replace b, same a | a b"],
  ],
  "--target-dependents takes along what needs what is named": [
    [
      component(1),
      "up",
      "ok | create a, create b, create c, create d | create a, create b, create c, create d, create g | a b c g d",
    ],
    [
      component(2),
      "up --target @a --target-dependents",
      "ok | update a, update b, update d | same c, same g, update a, update b, update d | a b c g d",
    ],
    ["", "up", "ok | update c | same a, same b, same d, same g, update c | a b c g d"],
    ["", "destroy --target @a", "fails |  |  | a b c g d"],
    ["", "preview --target @a", "ok |  |  | a b c g d"],
    [
      "",
      "destroy --target @a --target-dependents",
      "ok | delete d, delete b, delete a | delete a, delete b, delete d, delete g, same c | c",
    ],
  ],
  patterns: [
    [abc, "up --target **Thing::*", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    ["", "up --replace **::a --target **::b", "ok |  | same a, same b, same c | a b c"],
    ["", "up --replace **::nowhere", "ok |  | same a, same b, same c | a b c"],
    ["", "destroy --exclude **::b", "ok | delete c | delete c, same a, same b | a b"],
  ],
  "a refresh looks at what is named": [
    [chain(1), "up", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    ["", "refresh --target @a", "ok |  | refresh a | a b c"],
    ["", "refresh --target @a --target-dependents", "ok |  | refresh a, refresh b | a b c"],
    ["", "refresh --exclude @a", "ok |  | refresh b, refresh c | a b c"],
    ["", "refresh --exclude @a --exclude-dependents", "ok |  | refresh c | a b c"],
    [chain(2), "up --refresh --target @a", "ok | update a | refresh a, same b, same c, update a | a b c"],
  ],
});
