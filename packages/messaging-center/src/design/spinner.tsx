/** Something is under way. `label` says what to those who do not see it turn; without one, what is around it does. */
export function Spinner({ label }: { label?: string }) {
  return (
    <span class="spinner" role={label ? 'status' : undefined}>
      {label && <span class="unseen">{label}</span>}
    </span>
  )
}
