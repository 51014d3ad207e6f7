/** The name that a field has in JSON when none is declared. */

/** `snake_case_name` → `snakeCaseName`, as protoc makes it: underscores go, and the letter behind one becomes upper case. */
export function jsonNameOf(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => (/[a-z]/.test(letter) ? letter.toUpperCase() : letter));
}
