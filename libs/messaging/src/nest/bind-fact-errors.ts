import { EXCEPTION_FILTERS_METADATA } from '@nestjs/common/constants.js';
import { type DiscoveryService, MetadataScanner } from '@nestjs/core';
import { PATTERN_HANDLER_METADATA } from '@nestjs/microservices/constants.js';
import { PatternHandler } from '@nestjs/microservices/enums/pattern-handler.enum.js';
import { FactErrorFilter } from './fact-error.filter.js';

/**
 * Nest turns what a handler throws into "Internal server error", and a storage that is away would look like a bug.
 * `@ConsumesFacts()` prevents it; this sees to it for handlers of controllers that forgot.
 * Must run before the transport is connected to the application.
 */
export const bindFactErrors = (discovery: DiscoveryService): void => {
  const scanner = new MetadataScanner();
  for (const { metatype } of discovery.getControllers()) {
    const prototype = (metatype as { prototype?: Record<string, unknown> } | null)?.prototype;
    for (const name of scanner.getAllMethodNames(prototype ?? null)) {
      const method = prototype?.[name];
      if (typeof method !== 'function' || Reflect.getMetadata(PATTERN_HANDLER_METADATA, method) !== PatternHandler.EVENT) continue;
      const filters: unknown[] = Reflect.getMetadata(EXCEPTION_FILTERS_METADATA, method) ?? [];
      if (!filters.some((filter) => filter instanceof FactErrorFilter)) Reflect.defineMetadata(EXCEPTION_FILTERS_METADATA, [...filters, new FactErrorFilter()], method);
    }
  }
};
