import { join, resolve } from "node:path";

/** The project's folder: where the sources lie, whatever folder a command looks at. */
export const projectRoot = resolve(__dirname, "..");

/** Has Node.js run a TypeScript file of the project. */
export const typescript = ["--require", join(projectRoot, "start/typescript.cjs")] as const;

/** Has Node.js run a command of the project; its name and its flags follow. */
export const ownCommand = join(projectRoot, "commands/pat-rotation.cjs");
