require("../../start/launch.cjs").launch(__dirname);
