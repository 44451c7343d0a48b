/** A thread beside its conversation. */
export function ThreadPanel(_props: { root_id: string; message?: number }) {
  return null
}
