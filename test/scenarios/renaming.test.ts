import { plays } from "./fixture/verdict";

const abc = `const a = await thing("a"); await thing("b", {}, { dependsOn: a }); await thing("c", { value: 1 });`;
const inG = `const g = await group("g"); const a = await thing("a", {}, { parent: g }); await thing("b", {}, { dependsOn: a }); await thing("c", { value: 1 });`;
const inH = `const g = await group("h", { aliases: [{ name: "g" }] }); const a = await thing("a", { value: 3 }, { parent: g }); await thing("b", {}, { dependsOn: a }); await thing("c", { value: 2 });`;
const rekeyed = `const a = await thing("new", { key: "1" }, { aliases: [{ name: "a" }] }); await thing("b", {}, { dependsOn: a }); await thing("c", { value: 2 });`;
const renamed = (n: number) =>
  `const a = await thing("new", { value: ${n} }, { aliases: [{ name: "a" }] }); await thing("b", {}, { dependsOn: a }); await thing("c", { value: ${n} });`;

plays({
  "one URN twice": [
    [`await thing("a"); await thing("a");`, "preview", "fails |  | create a | "],
    ["", "up", "fails | create a | create a | a"],
    ["", "up --target @a", "fails |  | same a | a"],
  ],
  "aliases in conflict": [
    [`await thing("a"); await thing("b");`, "up", "ok | create a, create b | create a, create b | a b"],
    [`await thing("a"); await thing("x", {}, { aliases: [{ name: "a" }] });`, "up", "fails |  | same a | a b"],
    [
      `await thing("x", {}, { aliases: [{ name: "a" }] }); await thing("y", {}, { aliases: [{ name: "a" }] });`,
      "preview",
      "fails |  |  | a b",
    ],
    [`await thing("x", {}, { aliases: [{ name: "a" }] }); await thing("a");`, "up", "fails |  | same x | x b"],
    [
      `await thing("x", {}, { aliases: [{ name: "a" }] }); await thing("b", {}, { aliases: [{ name: "a" }] });`,
      "up",
      "ok |  | same b, same x | x b",
    ],
  ],
  "renamed, and about another": [
    [abc, "up", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    [renamed(2), "up --target @c", "ok | update c | same a, same b, update c | a b c"],
    ["", "up --target @b", "ok |  | same a, same b, same c | a b c"],
    ["", "up", "ok | update new | same b, same c, update new | new b c"],
  ],
  "renamed, and about it: what needs it and is passed over brings its old self back, which is refused": [
    [abc, "up", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    [renamed(5), "up --target @new", "fails | update new | same a, same b, same c, update new | new new b c (broken)"],
    ["", "up", "fails |  |  | new new b c (broken)"],
  ],
  "renamed, and failing": [
    [abc, "up", "ok | create a, create b, create c | create a, create b, create c | a b c"],
    [renamed(5), "up", "fails | update new | update new | a b c", { "new": { update: { fail: "no" } } }],
    [
      rekeyed,
      "up",
      "fails | create new, update c | create-replacement new, replace new, same b, update c | new b new! c",
      { c: { update: { fail: "no" } } },
    ],
    ["", "up", "ok | update c, delete new | delete-replaced new, same b, same new, update c | new b c"],
  ],
  "a renamed parent takes its children along": [
    [inG, "up", "ok | create a, create b, create c | create a, create b, create c, create g | g a b c"],
    [inH, "up --target @c", "ok | update c | same a, same b, same g, update c | g a b c"],
    ["", "up", "fails | update a | same h, update a | h a b c", { a: { update: { fail: "no" } } }],
    ["", "up", "ok | update a | same b, same c, same h, update a | h a b c"],
  ],
  "a renamed parent that is named alone": [
    [inG, "up", "ok | create a, create b, create c | create a, create b, create c, create g | g a b c"],
    [inH, "up --target **::h", "fails |  | same a, same b, same c, same g, same h | h h a b c (broken)"],
    ["", "up", "fails |  |  | h h a b c (broken)"],
  ],
  "a child below a child of what was renamed": [
    [
      `const g = await group("g"); const a = await thing("g-a", {}, { parent: g }); await thing("b", {}, { parent: a });`,
      "up",
      "ok | create g-a, create b | create b, create g, create g-a | g g-a b",
    ],
    [
      `const g = await group("h", { aliases: [{ name: "g" }] }); const a = await thing("h-a", {}, { parent: g }); await thing("b", {}, { parent: a });`,
      "up",
      "ok |  | same b, same h, same h-a | h h-a b",
    ],
    [
      `const g = await group("h"); await thing("b", {}, { aliases: [{ parent: "urn:pulumi:dev::proj::test:index:Group$fixture:index:Thing::h-a" }] });`,
      "up",
      "ok | delete h-a | delete h-a, same b, same h | h b",
    ],
  ],
});
