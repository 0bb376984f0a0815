import { applyDecorators, Controller, UseFilters } from '@nestjs/common';
import { FactErrorFilter } from './fact-error.filter.js';

/** A class whose `@EventPattern(type)` methods handle facts. */
export const ConsumesFacts = (): ClassDecorator => applyDecorators(Controller(), UseFilters(FactErrorFilter));
