require("../../start/quiet.cjs");
require("../../start/launch.cjs").launch(__dirname, ["@pulumi/pulumi"]);
