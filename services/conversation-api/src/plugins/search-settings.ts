import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { isDatabaseTrouble } from '../database/database-trouble.ts'
import { readSearchSettings, type SearchSettings } from '../search/search-settings.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Asked of the database once. */
    searchSettings(): Promise<SearchSettings>
  }
}

/** A language that the database does not know stops the start; a database that does not answer yet does not. */
export const searchSettings = fp<{ language: string }>(
  (app: FastifyInstance, { language }, done) => {
    let known: SearchSettings | undefined
    app.decorate('searchSettings', async () => (known ??= await readSearchSettings(app.db, language)))
    app.addHook('onReady', async () => {
      await app.searchSettings().catch((error: unknown) => {
        if (!isDatabaseTrouble(error)) throw error
      })
    })
    done()
  },
  { name: 'search-settings', dependencies: ['backend'] }
)
