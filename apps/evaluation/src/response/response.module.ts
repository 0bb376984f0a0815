import { Module } from '@nestjs/common';
import { ResponseGrpc } from './response.grpc.js';
import { ResponseService } from './response.service.js';

@Module({ controllers: [ResponseGrpc], providers: [ResponseService] })
export class ResponseModule {}
