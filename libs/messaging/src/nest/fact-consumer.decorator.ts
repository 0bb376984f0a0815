import { applyDecorators, Controller, UseFilters } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { FactErrorFilter } from './fact-error.filter.js';

/** A class whose `@HandlesFact(type)` methods handle facts. */
export const ConsumesFacts = (): ClassDecorator => applyDecorators(Controller(), UseFilters(FactErrorFilter));

/** `@EventPattern` for a fact's protobuf full name; the method gets `(fact, context)` and its effect belongs into `context.tx`. */
export const HandlesFact = (type: string): MethodDecorator => EventPattern(type) as MethodDecorator;
