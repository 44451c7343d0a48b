import type { Readable } from 'node:stream'
import { Attachment, FileQuery, ProblemError, UploadQuery } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { deleteUnsent, findAttachment } from './attachment-store.ts'
import { sendFile } from './file-reply.ts'
import { thumbnailOf, upload } from './upload.ts'

const OnAttachment = Type.Object({ attachment_id: Type.String() })
const tags = ['attachments']
const bytes = (type: string) => ({
  description: 'The bytes',
  content: { [type]: { schema: Type.String({ format: 'binary' }) } }
})

/** Files of messages; for signed-in callers only. */
export async function attachmentRoutes(app: ServiceInstance): Promise<void> {
  await app.register(uploadRoute)

  app.get(
    '/attachments/:attachment_id',
    {
      schema: {
        operationId: 'getAttachment',
        summary: 'A file, or with `Range` a part of it; for members, and for its uploader until it is sent',
        tags,
        params: OnAttachment,
        querystring: FileQuery,
        response: { 200: bytes('application/octet-stream'), 206: bytes('application/octet-stream') }
      }
    },
    async (request, reply) => {
      const { params, query, session } = request
      const { file_id, name, type, size } = await findAttachment(
        app.db,
        session.user.id,
        params.attachment_id
      )
      const file = { key: file_id, name, type, size, download: query.download === true }
      return sendFile(request, reply, app.files.storage, file) as never
    }
  )

  app.get(
    '/attachments/:attachment_id/thumbnail',
    {
      schema: {
        operationId: 'getThumbnail',
        summary: 'A small WebP of a picture',
        tags,
        params: OnAttachment,
        response: { 200: bytes('image/webp') }
      }
    },
    async (request, reply) => {
      const { params, session } = request
      const { id, file_id, thumbnail } = await findAttachment(app.db, session.user.id, params.attachment_id)
      if (!thumbnail) throw new ProblemError('not_found')
      const file = { key: thumbnailOf(file_id), name: `${id}.webp`, type: 'image/webp' }
      return sendFile(request, reply, app.files.storage, file) as never
    }
  )

  app.delete(
    '/attachments/:attachment_id',
    {
      schema: {
        operationId: 'deleteAttachment',
        summary: 'Take back an upload that was not sent',
        tags,
        params: OnAttachment,
        response: { 204: Type.Null() }
      }
    },
    async ({ params, session }, reply) => {
      await deleteUnsent(app.db, session.user.id, params.attachment_id)
      return reply.code(204).send(null)
    }
  )
}

/** The one route that takes no JSON: a scope of its own, in which bodies are streams. The origin guard is before it. */
async function uploadRoute(app: ServiceInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload))
  app.post(
    '/attachments',
    {
      schema: {
        operationId: 'uploadAttachment',
        summary: 'Upload a file, as it is, for a message to come; Content-Type says what it is',
        tags,
        querystring: UploadQuery,
        body: { content: { '*/*': { schema: Type.Unsafe<Readable | undefined>({}) } } },
        response: { 201: Attachment }
      }
    },
    async ({ headers, body, query, session, raw }, reply) => {
      const content_length = Number(headers['content-length'] ?? 0)
      const file = {
        content_type: headers['content-type'],
        content_length,
        stream: (body as Readable) ?? raw
      }
      return reply.code(201).send(await upload(app, { user_id: session.user.id, name: query.name, ...file }))
    }
  )
}
