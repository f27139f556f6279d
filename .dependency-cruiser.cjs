// Who may import whom: ARCHITECTURE.md draws it. `npm run check` holds it.
const product =
  "^(start|ground|contract|rotation|settings|reports|components|program|packages|clients|places|providers|engines|commands|index)";
/** The files of the room of places that say what one is, without a server and without Pulumi. */
const asDeclared = ["^places/(kind|declared)\\.ts$", "^places/[a-z]+/declared\\.ts$"];
/** A room may import itself, these, and packages. */
const room = (name, ...others) => ({
  name: `${name} imports ${others.length === 0 ? "nothing of ours" : others.join(", ")}`,
  severity: "error",
  from: { path: `^${name}/` },
  to: {
    path: "^[a-z]",
    pathNot: [`^(${[name, ...others].join("|")})/`, "^node_modules/", "^tsx/"],
    dependencyTypesNot: ["core"],
  },
});

module.exports = {
  forbidden: [
    // But where a command is loaded when it is called.
    {
      name: "no circle",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["dynamic-import"] } },
    },
    room("start"),
    room("ground"),
    room("contract"),
    // What a place is by its declaration: beneath all decisions, and beside how settings are written.
    {
      name: "a place as declared imports ground, contract and how settings are written",
      severity: "error",
      from: { path: asDeclared },
      to: {
        path: "^[a-z]",
        pathNot: [
          ...asDeclared,
          "^(ground|contract)/",
          "^rotation/declaration/(form|faults|shapes)\\.ts$",
          "^node_modules/",
        ],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "a place as a resource imports no client",
      severity: "error",
      from: { path: ["^places/made\\.ts$", "^places/[a-z]+/made\\.ts$"] },
      to: { path: "^(clients|providers|commands)/" },
    },
    {
      name: "decisions and the program know places as declared and as resources",
      severity: "error",
      from: { path: "^(rotation|settings|reports|components|program)/" },
      to: { path: "^places/", pathNot: [...asDeclared, "^places/(made|making)\\.ts$"] },
    },
    room("places", "clients", "components", "contract", "rotation", "ground", "sdks"),
    room("rotation", "ground", "places", "contract"),
    room("settings", "rotation", "ground"),
    room("reports", "rotation", "ground"),
    room("clients", "ground"),
    room("providers", "clients", "places", "contract", "rotation", "ground"),
    room("components", "places", "contract", "rotation", "ground", "sdks"),
    room("program", "components", "contract", "sdks", "reports", "settings", "rotation", "ground"),
    room("packages", "program", "components", "contract", "settings", "rotation", "ground"),
    room("engines", "start", "ground"),
    room(
      "commands",
      "engines",
      "providers",
      "places",
      "clients",
      "contract",
      "reports",
      "settings",
      "rotation",
      "ground",
      "start",
    ),
    {
      name: "commands know no host of providers",
      severity: "error",
      from: { path: "^commands/" },
      to: { path: "^providers/host/" },
    },
    {
      name: "decisions know no clock",
      severity: "error",
      from: { path: "^(rotation|settings|reports)/" },
      to: { path: "^ground/now" },
    },
    {
      name: "the product knows no workshop",
      severity: "error",
      from: { path: product },
      to: { path: "^(workshop|test)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // How the CLI starts a folder is no part of what is in it.
    exclude: { path: "^(test|findings|docs|templates|examples)/|^(providers|packages)/[^/]+/index\\.js$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
