// Who may import whom: ARCHITECTURE.md draws it. `npm run check` holds it.
const product =
  "^(start|ground|contract|rotation|settings|reports|components|program|clients|providers|engines|commands|index)";
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
    room("rotation", "ground"),
    room("settings", "rotation", "ground"),
    room("reports", "rotation", "ground"),
    room("clients", "ground"),
    room("providers", "clients", "contract", "rotation", "ground"),
    room("components", "contract", "rotation", "ground", "sdks"),
    room("program", "components", "contract", "sdks", "reports", "settings", "rotation", "ground"),
    room("engines", "start", "ground"),
    room(
      "commands",
      "engines",
      "providers",
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
    exclude: { path: "^(test|findings|docs|templates)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
