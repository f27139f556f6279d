/** The folder for what is made of the sources; undefined where none can be had that is ours alone. */
export function cache(modules: string): string | undefined;

/** Whether we may write into it. */
export function isWritable(folder: string): boolean;
