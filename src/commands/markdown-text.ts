/** Text in Markdown that is only read. */

/** Names in a cluster can hold anything: nothing of it is taken for Markdown or HTML. */
export function markdownText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\|`*_[\]~@#!]/g, '\\$&');
}
