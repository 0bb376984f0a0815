import { Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { PairingGrpc } from './pairing.grpc.js';
import { PairingService } from './pairing.service.js';

@Module({ controllers: [PairingGrpc], providers: [PairingService, clockProvider] })
export class PairingModule {}
