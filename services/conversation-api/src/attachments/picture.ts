import { limits, ProblemError } from '@parley/contracts'
import sharp from 'sharp'
import { createWorkQueue } from '../accounts/work-queue.ts'

export interface Picture {
  /** Pixels, as it is to be looked at: turned as its camera was held. */
  width: number
  height: number
}

// A picture is decoded once: nothing is gained by remembering it, and one thread each leaves the others to the requests.
sharp.cache(false)
sharp.concurrency(1)
const inTurn = createWorkQueue({ concurrency: 2, waiting: 64 })

const formats: Record<string, string> = { jpg: 'image/jpeg', heif: 'image/avif' }

/**
 * Decodes a picture to the end and writes a thumbnail of it to `thumbnail_path`. Throws `file_type_mismatch` for one that is broken or
 * of another format, `image_too_large` for one that would take too much memory, before it does.
 */
export function readPicture(path: string, type: string, thumbnail_path: string): Promise<Picture> {
  return inTurn(async () => {
    const picture = sharp(path, {
      limitInputPixels: limits.image_pixels,
      failOn: 'error',
      sequentialRead: true
    })
    const { format, width, height, pages = 1, autoOrient } = await picture.metadata().catch(refuse)
    if ((formats[format] ?? `image/${format}`) !== type) throw new ProblemError('file_type_mismatch')
    if (width * height * pages > limits.image_pixels) throw new ProblemError('image_too_large')
    await picture
      .autoOrient()
      .resize(limits.thumbnail_side, limits.thumbnail_side, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 75 })
      .timeout({ seconds: 10 })
      .toFile(thumbnail_path)
      .catch(refuse)
    return { width: autoOrient.width, height: autoOrient.height }
  })
}

function refuse(error: unknown): never {
  const too_large = error instanceof Error && error.message.includes('exceeds pixel limit')
  throw new ProblemError(too_large ? 'image_too_large' : 'file_type_mismatch')
}
