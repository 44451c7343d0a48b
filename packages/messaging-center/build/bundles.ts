import { join } from 'node:path'
import type { InlineConfig } from 'vite'

const home = join(import.meta.dirname, '..')

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
            groups: [
              // One file each, which compresses better than many and comes at once: what there is from the beginning, and an open conversation.
              {
                name: 'first',
                tags: ['$initial'],
                test: (id) => !/stores[\\/](?:message|outgoing)/.test(id),
                priority: 1,
                includeDependenciesRecursively: false
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
