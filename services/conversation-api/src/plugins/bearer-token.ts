import type { FastifyRequest } from 'fastify'

/** The token of `Authorization: Bearer …`, if that is how the request comes. */
export function bearerToken({ headers }: FastifyRequest): string | undefined {
  return /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
}
