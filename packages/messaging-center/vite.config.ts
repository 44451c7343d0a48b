import { defineConfig } from 'vite'

// The element's file keeps its name, since other pages load it by it; what it loads later is named after its content.
export default defineConfig({
  root: import.meta.dirname,
  base: '/messaging/',
  build: {
    outDir: 'dist/site',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome119', 'firefox124', 'safari17.4'],
    rolldownOptions: {
      input: { element: 'index.html' },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]'
      }
    }
  }
})
