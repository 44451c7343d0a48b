import { Fragment } from 'preact'
import { useStrings } from '../app/context.ts'
import { Dialog } from '../design/dialog.tsx'
import { keyNames, type ShortcutPlace, shortcuts } from './shortcuts.ts'

const places: readonly ShortcutPlace[] = ['everywhere', 'message', 'composer']

/** All keyboard shortcuts, by where they work. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { t } = useStrings()
  return (
    <Dialog title={t('shortcuts.title')} wide onClose={onClose}>
      <div class="shortcuts">
        {places.map((place) => (
          <section key={place} class="shortcuts-place">
            <h3 class="shortcuts-heading">{t(`shortcuts.${place}`)}</h3>
            <dl class="shortcuts-list">
              {shortcuts
                .filter((one) => one.place === place)
                .map((one) => (
                  <div key={one.id} class="shortcuts-row">
                    <dt>{t(one.text)}</dt>
                    <dd>
                      {one.keys.map((keys, index) => (
                        <Fragment key={keys}>
                          {index > 0 && ` ${t('shortcuts.or')} `}
                          <Keys names={keyNames(keys, t)} />
                        </Fragment>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

function Keys({ names }: { names: readonly string[] }) {
  return (
    <span class="shortcuts-keys" dir="ltr">
      {names.map((name) => (
        <kbd key={name} class="shortcuts-key">
          {name}
        </kbd>
      ))}
    </span>
  )
}
