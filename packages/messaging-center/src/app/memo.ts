import { Component, type ComponentType, createElement, type FunctionComponent } from 'preact'

/** Drawn again only when one of its props has changed, or what it listens to itself. */
export function memo<P extends object>(Inner: FunctionComponent<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return !alike(this.props, next)
    }

    override render() {
      return createElement(Inner, this.props)
    }
  }
}

function alike(one: object, other: object): boolean {
  const [a, b] = [Object.entries(one), Object.entries(other)]
  return a.length === b.length && a.every(([key, value]) => (other as Record<string, unknown>)[key] === value)
}
