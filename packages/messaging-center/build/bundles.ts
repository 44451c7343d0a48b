import { join } from 'node:path'
import type { InlineConfig, Plugin } from 'vite'

const home = join(import.meta.dirname, '..')

/** Parts name none that would have to be preloaded with them, see `resolveDependencies`: so they are imported as they are. */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: (id) =>
    id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : undefined
}

/**
 * What the site is made of, each built by itself so that none loads another's parts. Entry files keep their names, since other pages
 * load the element by its own; what they load later is named after its content. All addresses are relative to the file they are in,
 * so that the element finds its files from a page of another origin.
 */
export const bundles: InlineConfig[] = [
  bundle({ element: 'index.html' }, { copyPublicDir: true }),
  bundle({ test: 'test-page/index.html' }),
  bundle({ sw: 'src/notifications/worker/service-worker.ts' })
]

function bundle(input: Record<string, string>, build: InlineConfig['build'] = {}): InlineConfig {
  return {
    configFile: false,
    root: home,
    base: './',
    logLevel: 'warn',
    plugins: [plainImports],
    build: {
      emptyOutDir: false,
      copyPublicDir: false,
      assetsInlineLimit: 0,
      modulePreload: {
        polyfill: false,
        // The page names what its script begins with. The element puts nothing into the head of somebody else's.
        resolveDependencies: (_file, parts, { hostType }) => (hostType === 'html' ? parts : [])
      },
      target: ['chrome119', 'firefox124', 'safari17.4'],
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(input).map(([name, path]) => [name, join(home, path)])),
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'assets/[name]-[hash].js',
          assetFileNames: 'assets/[name]-[hash][extname]',
          codeSplitting: {
            // What there is from the beginning is one file, and an open conversation another: they compress better, and none waits for a next.
            groups: [
              {
                name: 'first',
                tags: ['$initial'],
                // The stores of messages come with those of the list, which are all in one place, and only a conversation needs them.
                test: (id) => !/stores[\\/](?:message|outgoing)/.test(id),
                includeDependenciesRecursively: false,
                priority: 1
              },
              { name: 'pane', test: /messages[\\/]message-pane\.tsx$/ }
            ]
          }
        }
      },
      ...build
    }
  }
}
