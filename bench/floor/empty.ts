/** A program that does nothing: what starting Bun's runtime costs. */
export {};
