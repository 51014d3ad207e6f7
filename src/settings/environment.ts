/** The process's environment variables, as settings read them. */
export type Environment = Readonly<Record<string, string | undefined>>;
