import { expect } from "vitest";
import { secretSignature, signatureKey } from "../../workshop/engine/state/deployment";
import { scenario } from "./fixture/scenario";

const secret = (value: unknown) => ({ [signatureKey]: secretSignature, value });

scenario("configuration arrives as the same text, dates and booleans too", async (world) => {
  world.settings(`config:
  proj:text: hello
  proj:flag: true
  proj:number: 1.50
  proj:date: 2026-11-23
  proj:quoted: "2026-11-23"
  proj:none:
  proj:list: [{ from: 2026-12-19, to: "2027-01-04", days: 5, on: yes, off: false, none: ~ }]
`);
  world.program(
    `for (const key of ["text", "flag", "number", "date", "quoted", "none", "list"]) exports[key] = config.get(key) ?? null;`,
  );
  expect((await world.up()).code).toBe(0);
  const [stack] = (await world.state()).resources;
  expect(stack?.outputs).toStrictEqual({
    text: "hello",
    flag: "true",
    number: "1.5",
    date: "2026-11-23 00:00:00 +0000 UTC",
    quoted: "2026-11-23",
    none: "",
    list: '[{"days":5,"from":"2026-12-19 00:00:00 +0000 UTC","none":null,"off":false,"on":"yes","to":"2027-01-04"}]',
  });
});

scenario(
  "a program that asks for plain what is secret is warned, one that asks for the secret gets it wrapped",
  async (world) => {
    expect((await world.run("config", "set", "--secret", "token", "geheim")).code).toBe(0);
    world.program(
      `exports.token = config.requireSecret("token"); new Thing("a", { value: config.requireSecret("token") });`,
    );
    const run = await world.up();
    expect(run.code, run.told).toBe(0);
    expect(run.text).not.toContain("geheim");
    expect((await world.state()).resources[0]?.outputs).toStrictEqual({ token: secret("geheim") });
    expect((await world.resource("a")).inputs).toStrictEqual({ value: secret("geheim") });
    expect((await world.resource("a")).outputs?.value).toStrictEqual(secret("geheim"));
    const output = await world.run("stack", "output", "--json");
    expect(JSON.parse(output.stdout)).toStrictEqual({ token: "[secret]" });
    const shown = await world.run("stack", "output", "--json", "--show-secrets");
    expect(JSON.parse(shown.stdout)).toStrictEqual({ token: "geheim" });
  },
);

scenario("what is secret stays secret: in state, outputs and messages", async (world) => {
  world.program(`
    const a = new Thing("a", { secret: "pass phrase", value: pulumi.secret({ deep: ["hidden"] }) });
    const b = new Thing("b", { value: pulumi.interpolate\`\${a.token} and \${a.secret}\` });
    exports.token = a.token;
    exports.inside = { list: [a.secret, "plain"] };
  `);
  // Not with --json, whose debug messages show the CLI's own secrets.
  const run = await world.run("up", "--yes", "--skip-preview");
  expect(run.code, run.told).toBe(0);
  const stored = JSON.stringify((await world.backend.read()).export());
  for (const word of ["pass phrase", "hidden", "token of"]) {
    expect(run.text).not.toContain(word);
    expect(stored).not.toContain(word);
  }
  const a = await world.resource("a");
  expect(a.outputs?.secret).toStrictEqual(secret("pass phrase"));
  expect(a.outputs?.value).toStrictEqual(secret({ deep: ["hidden"] }));
  expect(a.outputs?.token).toStrictEqual(secret(`token of ${a.id}`));
  expect((await world.resource("b")).inputs?.value).toStrictEqual(secret(`token of ${a.id} and pass phrase`));
  expect((await world.up()).summary).toStrictEqual({ same: 3 });
});

scenario("additionalSecretOutputs makes an output secret", async (world) => {
  world.program(
    `const a = new Thing("a", { value: "hidden" }, { additionalSecretOutputs: ["value"] }); exports.value = a.value;`,
  );
  expect((await world.up()).code).toBe(0);
  const a = await world.resource("a");
  expect(a.outputs?.value).toStrictEqual(secret("hidden"));
  expect(a.inputs?.value).toBe("hidden");
  expect(a.additionalSecretOutputs).toStrictEqual(["value"]);
  expect((await world.state()).resources[0]?.outputs?.value).toStrictEqual(secret("hidden"));
});

scenario("an invoke answers in preview and update, and passes secrets and unknowns on", async (world) => {
  world.program(`
    const a = new Thing("a", { value: "x" });
    exports.plain = double("y").then((result) => result.doubled);
    exports.ofOutput = doubleOutput(a.value.apply(String)).apply((result) => result.doubled);
    exports.ofSecret = doubleOutput(pulumi.secret("z")).apply((result) => result.doubled);
    exports.ofUnknown = doubleOutput(a.made.apply(String)).apply((result) => result.doubled);
  `);
  const preview = await world.preview();
  expect(preview.code, preview.told).toBe(0);
  // One that depends on a resource that is to be created waits for the update, even where its arguments are known.
  expect(world.calls().filter((call) => call === "preview invoke fixture:index:double")).toHaveLength(2);
  const run = await world.up();
  expect(run.code, run.told).toBe(0);
  expect((await world.state()).resources[0]?.outputs).toStrictEqual({
    plain: "yy",
    ofOutput: "xx",
    ofSecret: secret("zz"),
    ofUnknown: "11",
  });
});

scenario("what is not known yet is not known in a preview, all else is", async (world) => {
  world.program(`
    const a = new Thing("a", { value: "x" });
    a.value.apply((value) => console.error(\`value is \${value}\`));
    a.made.apply((made) => console.error(\`made is \${made}\`));
    new Thing("b", { value: { known: 1, later: a.made } });
  `);
  const preview = await world.preview();
  expect(preview.code, preview.told).toBe(0);
  expect(preview.text).toContain("value is x");
  expect(preview.text).not.toContain("made is");
  const run = await world.up();
  expect(run.text).toContain("made is 1");
  expect((await world.resource("b")).outputs?.value).toStrictEqual({ known: 1, later: 1 });
});

scenario("null and undefined, empty and large values come back as they went", async (world) => {
  world.program(`
    const value = { none: null, undef: undefined, empty: [], object: {}, text: "", umlaut: "äöü <&> \\u2028", large: 9007199254740991, small: 1e-7, minus: -0.5, nested: [[1, [null]], { a: [] }] };
    const a = new Thing("a", { value });
    exports.value = a.value;
  `);
  expect((await world.up()).code).toBe(0);
  const value = {
    empty: [],
    large: 9007199254740991,
    minus: -0.5,
    nested: [[1, [null]], { a: [] }],
    object: {},
    small: 1e-7,
    text: "",
    umlaut: "äöü <&> \u2028",
  };
  expect((await world.resource("a")).inputs?.value).toStrictEqual(value);
  expect((await world.up()).summary).toStrictEqual({ same: 2 });
});

scenario("outputs come and go with the program", async (world) => {
  world.program(`exports.a = 1; exports.b = { c: [true] };`);
  await world.up();
  expect(JSON.parse((await world.run("stack", "output", "--json")).stdout)).toStrictEqual({ a: 1, b: { c: [true] } });
  world.program(`exports.a = 2;`);
  await world.up();
  expect(JSON.parse((await world.run("stack", "output", "--json")).stdout)).toStrictEqual({ a: 2 });
});

scenario("messages of the program reach the person with their level", async (world) => {
  world.program(`
    const a = new Thing("a");
    pulumi.log.info("for the record", a);
    pulumi.log.warn("take care");
    console.log("just said");
  `);
  const run = await world.up();
  expect(run.messages).toContain("info a: for the record");
  expect(run.messages.join("\n")).toMatch(/warning( proj-dev)?: take care/);
  expect(run.text).toContain("just said");
});
