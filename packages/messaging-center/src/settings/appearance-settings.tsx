import { useStrings } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { Field } from '../design/field.tsx'
import { Segments } from '../design/segments.tsx'
import { languages } from '../strings/texts.ts'
import { appearances, preferences } from './preferences.ts'
import { Section } from './section.tsx'

/** The colours and the language of this browser. They change as one chooses, which is all the answer it takes. */
export function AppearanceSettings() {
  const { t } = useStrings()
  const { appearance, language } = useStore(preferences)
  return (
    <Section title={t('settings.appearance')}>
      <div class="field">
        <span class="field-label" aria-hidden="true">
          {t('settings.scheme')}
        </span>
        <Segments
          label={t('settings.scheme')}
          value={appearance}
          options={appearances.map((value) => ({ value, label: t(`settings.scheme_${value}`) }))}
          onChange={(value) => preferences.set({ appearance: value })}
        />
      </div>
      <Field label={t('settings.language')}>
        {(control) => (
          <select
            {...control}
            value={language}
            onChange={(event) => preferences.set({ language: event.currentTarget.value })}
          >
            <option value="system">{t('settings.languageSystem')}</option>
            {languages.map((tag) => (
              <option key={tag} value={tag} lang={tag}>
                {nameOf(tag)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </Section>
  )
}

/** As it is called by those who speak it. */
function nameOf(tag: string): string {
  return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag
}
