import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, HttpException, Logger, type RpcExceptionFilter } from '@nestjs/common';
import { Metadata, status } from '@grpc/grpc-js';
import { DomainError, isDomainError } from '@common-ground/kernel';
import { type Observable, throwError } from 'rxjs';
import { ERROR_TABLE } from './error-table.js';
import { encodeError, ERROR_METADATA } from './wire-error.js';

/** Turns what a gRPC method threw into a status: what a person can mend as it is, a bug as INTERNAL with a number to ask about. */
@Catch()
export class GrpcErrorFilter implements RpcExceptionFilter {
  private readonly logger = new Logger('Errors');

  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => this.statusOf(error));
  }

  private statusOf(error: unknown): { code: number; details: string; metadata: Metadata } {
    const meant = error instanceof HttpException && error.getStatus() === 403 ? new DomainError('forbidden', 'FORBIDDEN', 'Your role does not allow this.') : error;
    const metadata = new Metadata();
    if (isDomainError(meant)) {
      if (meant.kind === 'unavailable') this.logger.warn(`${meant.code}: ${meant.message}${meant.cause instanceof Error ? ` (${meant.cause.message})` : ''}`);
      metadata.set(ERROR_METADATA, encodeError(meant));
      return { code: ERROR_TABLE[meant.kind].grpc, details: meant.message, metadata };
    }
    const correlationId = randomUUID();
    this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error), `correlation ${correlationId}`);
    metadata.set('x-correlation-id', correlationId);
    return { code: status.INTERNAL, details: `Something went wrong here; say ${correlationId} when you report it.`, metadata };
  }
}
