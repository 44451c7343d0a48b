import { defineConfig } from 'vite'

// The element's file keeps its name, since other pages load it by it; what it loads later is named after its content. All addresses
// are relative to the file they are in, so that the element finds its files from a page of another origin.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
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
